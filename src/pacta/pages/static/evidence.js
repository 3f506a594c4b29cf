// Lights up all words of a statement while the pointer or the focus is on one of them. The page is whole without it.
"use strict";
(() => {
  const light = (number, on) => {
    for (const mark of document.querySelectorAll(`mark.ev[data-s~="${number}"]`)) {
      mark.classList.toggle("on", on);
    }
  };
  const numbersOf = (target) => {
    const element = target instanceof Element ? target.closest("[data-s], .said[id]") : null;
    const numbers = element ? element.dataset.s ?? element.id.replace(/^s/, "") : "";
    return numbers.split(" ").filter((number) => /^[0-9]+$/.test(number));
  };
  for (const [event, on] of [["pointerover", true], ["focusin", true], ["pointerout", false], ["focusout", false]]) {
    document.addEventListener(event, (happened) => {
      for (const number of numbersOf(happened.target)) {
        light(number, on);
      }
    });
  }
})();

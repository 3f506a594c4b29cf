// Turns the text field into an editor with colours, completion and a check of the syntax. The form works without it.
(() => {
  "use strict";
  const field = document.getElementById("query");
  if (!field || typeof Yasqe === "undefined") return;
  const form = field.form;
  const prefixes = JSON.parse(field.dataset.prefixes);
  const terms = JSON.parse(field.dataset.terms);
  const box = document.createElement("div");
  box.className = "editor";
  field.before(box);

  Yasqe.forkAutocompleter("prefixes", {
    name: "known-prefixes",
    persistenceId: null,
    get: () => Object.entries(prefixes).map(([name, iri]) => `${name}: <${iri}>`).sort(),
  });
  const editor = new Yasqe(box, {
    value: field.value,
    autocompleters: ["known-prefixes", "variables"],
    persistenceId: null,
    showQueryButton: false,
    createShareableLink: null,
    createShortLink: null,
    editorHeight: `${Math.min(28, Math.max(10, field.value.split("\n").length + 2)) * 1.36}rem`,
    pluginButtons: undefined,
    collapsePrefixesOnLoad: false,
    lineWrapping: matchMedia("(max-width: 40rem)").matches,
    inputStyle: "contenteditable", // read by screen readers, and reached by keyboard where it scrolls
    extraKeys: {
      "Ctrl-Enter": () => form.requestSubmit(),
      "Cmd-Enter": () => form.requestSubmit(),
      Tab: (cm) => cm.replaceSelection("  "),
    },
  });
  // names of the ontology, once "pacta:" stands there
  editor.on("inputRead", (cm, change) => {
    if (change.origin !== "+input") return;
    const place = cm.getCursor();
    const before = cm.getLine(place.line).slice(0, place.ch);
    const begun = /pacta:[A-Za-z]*$/.exec(before);
    if (!begun) return;
    const fit = terms.filter((term) => term.startsWith(begun[0]) && term !== begun[0]).slice(0, 30);
    if (!fit.length || !cm.showHint) return;
    cm.showHint({
      completeSingle: false,
      hint: () => ({ list: fit, from: { line: place.line, ch: begun.index }, to: place }),
    });
  });
  // Escape leaves the editor to the keyboard
  editor.setOption("extraKeys", {
    ...editor.getOption("extraKeys"),
    Esc: (cm) => {
      cm.setOption("extraKeys", { ...cm.getOption("extraKeys"), Tab: false, "Shift-Tab": false });
    },
  });
  const inside = editor.getInputField();
  inside.setAttribute("aria-label", "SPARQL query");
  inside.setAttribute("aria-describedby", "query-hint");
  field.hidden = true;
  document.querySelector("label[for=query]").removeAttribute("for");
  const keep = () => {
    field.value = editor.getValue();
  };
  editor.on("change", keep);
  form.addEventListener("submit", keep);
  editor.refresh();
  box.dataset.ready = "yes";
})();

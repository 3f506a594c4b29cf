// Draws the table of places on a map. Everything shown comes from the table; without this script the table stands alone.
(() => {
  "use strict";
  const box = document.getElementById("map");
  if (!box || typeof L === "undefined") return;
  const rows = [...document.querySelectorAll("tr[data-point]")];
  box.hidden = false;

  const map = L.map(box, {
    attributionControl: false,
    zoomSnap: 0.5,
    minZoom: 1.5,
    maxZoom: 11,
    worldCopyJump: false,
    maxBounds: [[-85, -200], [85, 200]],
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  L.control.attribution({ prefix: false, position: "bottomright" }).addAttribution("Shapes: Natural Earth, by world-atlas. Drawn with Leaflet").addTo(map);
  L.control.scale({ imperial: false }).addTo(map);

  const pointOf = (text) => text.split(",").map(Number);
  const bounds = L.latLngBounds([]);
  const describe = (row) => {
    const words = document.createElement("div");
    const head = document.createElement("a");
    head.href = row.dataset.href;
    head.textContent = row.dataset.tip;
    words.append(head);
    if (row.dataset.called) {
      const called = document.createElement("p");
      called.textContent = row.dataset.called;
      words.append(called);
    }
    return words;
  };
  const reachable = (layer, row) => {
    const shape = layer.getElement();
    if (!shape) return;
    shape.setAttribute("tabindex", "0");
    shape.setAttribute("role", "button");
    shape.setAttribute("aria-label", row.dataset.tip);
    shape.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        layer.openPopup();
      }
    });
  };
  const most = Math.max(1, ...rows.map((row) => Number(row.dataset.number)));
  const draw = () => {
    for (const row of [...rows].reverse()) {
      const layers = [];
      const at = pointOf(row.dataset.point);
      if (row.dataset.area) {
        layers.push(L.polygon(row.dataset.area.split(" ").map(pointOf), { className: "map-area", weight: 1.5 }));
      } else {
        const size = 5 + 11 * Math.sqrt(Number(row.dataset.number) / most);
        layers.push(L.circleMarker(at, { radius: size, className: "map-spot", weight: 1.5 }));
      }
      for (const layer of layers) {
        layer.bindPopup(() => describe(row), { maxWidth: 320 }).addTo(map);
        reachable(layer, row);
      }
    }
  };
  for (const row of rows) {
    bounds.extend(pointOf(row.dataset.point));
    if (row.dataset.area) for (const point of row.dataset.area.split(" ")) bounds.extend(pointOf(point));
  }

  // the view is part of the address: /map#zoom/latitude/longitude
  const given = location.hash.slice(1).split("/").map(Number);
  if (given.length === 3 && given.every(Number.isFinite)) map.setView([given[1], given[2]], given[0]);
  else if (bounds.isValid()) map.fitBounds(bounds.pad(0.15), { maxZoom: 8, animate: false });
  else map.setView([25, 20], 1.5);
  map.on("moveend", () => {
    const middle = map.getCenter();
    history.replaceState(null, "", `#${map.getZoom()}/${middle.lat.toFixed(3)}/${middle.lng.toFixed(3)}`);
  });

  fetch(box.dataset.shapes)
    .then((answer) => answer.json())
    .then((shapes) => {
      for (const kind of ["lines", "land"]) {
        L.geoJSON(shapes, {
          interactive: false,
          filter: (feature) => feature.properties.kind === kind,
          style: () => ({ className: `map-${kind}`, weight: 1 }),
        }).addTo(map).bringToBack();
      }
    })
    .catch(() => box.classList.add("bare"))
    .finally(() => {
      draw();
      box.dataset.ready = "yes";
    });
})();

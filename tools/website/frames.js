// Sliders without a kernel: each figure.frames holds an image for every setting of its controls.
document.querySelectorAll("figure.frames").forEach((figure) => {
  const sliders = [...figure.querySelectorAll("input[type=range]")];
  const images = figure.querySelectorAll("img"); // one for each panel
  const urls = JSON.parse(figure.dataset.urls);
  const labels = sliders.map((slider) => JSON.parse(slider.dataset.labels));
  let warmed = false;

  function show() {
    let index = 0; // the last control varies fastest
    sliders.forEach((slider, i) => {
      const label = labels[i][slider.valueAsNumber];
      index = index * labels[i].length + slider.valueAsNumber;
      slider.setAttribute("aria-valuetext", label);
      slider.parentElement.querySelector("output").textContent = label;
    });
    images.forEach((image) => (image.src = urls[index]));
    if (!warmed) {
      warmed = true; // the other frames are fetched when the first slider moves
      urls.forEach((url) => (new Image().src = url));
    }
  }

  sliders.forEach((slider) => slider.addEventListener("input", show));
});

// What scrolls sideways can be reached by keyboard, and nothing that does not is a stop.
const boxes = document.querySelectorAll(
  "article pre, div.cell_output, .screen, .table-wrapper, figure.lead",
);

// A formula that is still wider than the page where its pieces stand in lines becomes smaller.
const formulas = [...document.querySelectorAll(".math .part, .math:not(:has(.part))")];

function fit() {
  formulas.forEach((box) => (box.style.fontSize = ""));
  const shares = formulas.map((box) => {
    const widths = [...box.querySelectorAll("math")].map((formula) => formula.scrollWidth);
    return box.closest(".math").clientWidth / Math.max(...widths);
  });
  formulas.forEach((box, i) => {
    if (shares[i] < 1) box.style.fontSize = `${Math.max(shares[i] * 0.98, 0.65)}em`;
  });
}
document.addEventListener("toggle", fit, true); // what a fold holds has no width before

function mark() {
  fit();
  const early = document.fonts.status === "loading"; // letters that come may be wider
  boxes.forEach((box) => {
    if (early || box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  });
}
mark();
addEventListener("load", mark);
addEventListener("resize", mark);
document.fonts.ready.then(mark); // letters of another width may come late, and again
document.fonts.addEventListener("loadingdone", mark);
const opened = new ResizeObserver(mark); // a folded cell, say
boxes.forEach((box) => opened.observe(box));

// The theme opens its two drawers by labels of hidden boxes; here these become buttons for the keyboard.
for (const [id, drawer, name] of [
  ["__navigation", ".sidebar-drawer", "All pages"],
  ["__toc", ".toc-drawer", "Contents of this page"],
]) {
  const box = document.getElementById(id);
  const panel = document.querySelector(drawer);
  const icons = [...document.querySelectorAll(`label[for=${id}]:not(.overlay)`)];
  const told = () => icons.forEach((icon) => icon.setAttribute("aria-expanded", box.checked));

  function set(open, focus = true) {
    box.checked = open;
    told();
    const stops = open ? [...panel.querySelectorAll("a, input")] : icons;
    const first = stops.find((stop) => stop.getClientRects().length);
    if (first && focus) first.focus();
  }

  icons.forEach((icon) => {
    icon.tabIndex = 0;
    icon.setAttribute("role", "button");
    icon.setAttribute("aria-label", name);
    icon.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      set(!box.checked);
    });
  });
  if (panel) {
    panel.addEventListener("keydown", (event) => event.key === "Escape" && box.checked && set(false));
    panel.addEventListener("click", (event) => event.target.closest("a[href^='#']") && set(false, false));
  }
  box.addEventListener("change", told);
  told();
}

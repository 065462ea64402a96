// Sliders without a kernel: each figure.frames holds an image for every setting of its controls.
document.querySelectorAll("figure.frames").forEach((figure) => {
  const sliders = [...figure.querySelectorAll("input[type=range]")];
  const image = figure.querySelector("img");
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
    image.src = urls[index];
    if (!warmed) {
      warmed = true; // the other frames are fetched when the first slider moves
      urls.forEach((url) => (new Image().src = url));
    }
  }

  sliders.forEach((slider) => slider.addEventListener("input", show));
});

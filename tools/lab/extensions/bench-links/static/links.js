// JupyterLab looks for a link's heading when the notebook's file has come, before any cell is drawn, and so
// stays on top. Here the heading is waited for, and held in view while cells above it get their height.
// A prebuilt extension, written by hand.
const PATIENCE = 20000; // ms
const STEP = 250;

const plugin = {
  id: "bench-links:headings",
  description: "Links lead to a notebook's heading also where the notebook is not open yet.",
  autoStart: true,
  activate: (app) => {
    app.docRegistry.addWidgetExtension("Notebook", { createNew: (panel) => follow(panel) });
  },
};

function follow(panel) {
  const plain = panel.setFragment.bind(panel);
  let latest = 0;
  panel.setFragment = (fragment) => {
    plain(fragment);
    const mine = ++latest;
    if (fragment.length > 1)
      hold(panel, named(fragment), () => plain(fragment), () => mine === latest);
  };
}

function named(fragment) {
  try {
    return decodeURIComponent(fragment.slice(1));
  } catch {
    return fragment.slice(1); // a % that encodes nothing
  }
}

/** Scroll to a heading until it stays where it is, or somebody else scrolls, or another link is followed
 *  (not wanted); far down, a cell is drawn when JupyterLab is told again to go there. */
async function hold(panel, name, again, wanted) {
  const escaped = CSS.escape(name);
  const place = `[data-jupyter-id="${escaped}"], [id="${escaped}"]`;
  let before = null;
  let left = false;
  const leave = () => (left = true);
  const events = ["wheel", "keydown", "pointerdown"];
  events.forEach((event) => panel.node.addEventListener(event, leave, { capture: true }));
  for (let waited = 0; waited < PATIENCE; waited += STEP) {
    await new Promise((resolve) => setTimeout(resolve, STEP));
    if (left || panel.isDisposed || !wanted()) break;
    const heading = panel.isVisible && panel.node.querySelector(place);
    if (!heading) {
      if (panel.isVisible && waited % 1000 === 0) again();
      continue;
    }
    heading.scrollIntoView();
    const top = heading.getBoundingClientRect().top;
    if (before !== null && Math.abs(top - before) < 2) break;
    before = top;
  }
  events.forEach((event) => panel.node.removeEventListener(event, leave, { capture: true }));
}

const module_ = { __esModule: true, default: plugin };
(window._JUPYTERLAB = window._JUPYTERLAB || {})["bench-links"] = {
  init: () => {},
  get: async () => () => module_,
};

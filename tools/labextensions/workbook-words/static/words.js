// A JupyterLab extension without a build step: words for screen readers.
//
// JupyterLab 4 draws an image of an output without the description that stands in the output's metadata,
// and ipywidgets 8 names neither the handle of a slider nor the image in a widget. This gives them their names.
"use strict";
(() => {
  const NAME = "workbook-words";
  const KINDS = ["image/png", "image/jpeg", "image/gif", "image/webp"];

  /** Draw images as before, and then put the description of the metadata on them. */
  function describeImages(rendermime) {
    for (const kind of KINDS) {
      const factory = rendermime.getFactory(kind);
      if (!factory) continue;
      const createRenderer = (options) => {
        const renderer = factory.createRenderer(options);
        const renderModel = renderer.renderModel.bind(renderer);
        renderer.renderModel = async (model) => {
          await renderModel(model);
          const image = renderer.node.querySelector("img");
          const words = model.metadata?.[kind]?.alt;
          if (image && typeof words === "string") image.alt = words;
        };
        return renderer;
      };
      rendermime.addFactory({ ...factory, mimeTypes: [kind], createRenderer });
    }
  }

  /** The description of the picture that stands for a widget when it is not alive. */
  function wordsOfTwin(widget) {
    const twin = widget.closest(".jp-OutputArea-child")?.previousElementSibling?.querySelector("img[alt]");
    return twin?.alt || "picture of this widget";
  }

  function nameControls() {
    for (const handle of document.querySelectorAll(".jupyter-widgets [role=slider]:not([aria-label])")) {
      const words = handle.closest(".jupyter-widgets.widget-slider, .widget-slider")?.querySelector(".widget-label");
      if (words?.textContent.trim()) handle.setAttribute("aria-label", words.textContent.trim());
    }
    for (const image of document.querySelectorAll("img.jupyter-widgets:not([alt])")) image.alt = wordsOfTwin(image);
  }

  /** Look again when the page has changed, once a frame at most. */
  function watch() {
    let waiting = false;
    new MutationObserver(() => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        nameControls();
      });
    }).observe(document.body, { childList: true, subtree: true });
  }

  async function shared(scope, module) {
    const versions = Object.values(scope[module] ?? {});
    return versions.length ? (await versions[0].get())() : null;
  }

  let scope = {};
  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB[NAME] = {
    init: (given) => {
      scope = given;
    },
    get: async () => {
      const { IRenderMimeRegistry } = (await shared(scope, "@jupyterlab/rendermime")) ?? {};
      const plugin = {
        id: `${NAME}:plugin`,
        description: "Words for screen readers.",
        autoStart: true,
        optional: IRenderMimeRegistry ? [IRenderMimeRegistry] : [],
        activate: (app, rendermime) => {
          if (rendermime) describeImages(rendermime);
          watch();
        },
      };
      return () => ({ __esModule: true, default: plugin });
    },
  };
})();

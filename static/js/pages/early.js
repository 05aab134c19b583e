/* Runs before the first paint, so that no page flashes in the wrong theme. */
(function () {
  try {
    var root = document.documentElement;
    root.dataset.theme = localStorage.getItem("cairn.theme") || "auto";
    root.dataset.emoji = localStorage.getItem("cairn.emoji") || "on";
    root.dataset.history = innerWidth > 1120 ? localStorage.getItem("cairn.history") || "open" : "closed";
    root.dataset.panel = localStorage.getItem("cairn.panel") || "open";
  } catch (error) {
    // Storage may be forbidden: the defaults stay.
  }
})();

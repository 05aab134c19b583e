/** What the reader has chosen for this browser: theme, emoji, logging. */

const DEFAULTS = { theme: "auto", emoji: "on", debug: "off", overlay: "open", panel: "open" };

export function setting(name) {
  try {
    return localStorage.getItem(`cairn.${name}`) ?? DEFAULTS[name];
  } catch {
    return DEFAULTS[name];
  }
}

export function choose(name, value) {
  try {
    localStorage.setItem(`cairn.${name}`, value);
  } catch {
    // Forbidden storage: the choice lasts as long as the page.
  }
  if (["theme", "emoji", "history"].includes(name)) document.documentElement.dataset[name] = value;
}

/** Log an event to the console, if the reader has switched that on. */
export function debug(...words) {
  if (setting("debug") === "on") console.debug("[cairn]", ...words);
}

export function connectSettings() {
  for (const input of document.querySelectorAll("[data-setting]")) {
    const name = input.dataset.setting;
    const isRadio = input.type === "radio";
    input.checked = setting(name) === (isRadio ? input.value : "on");
    input.addEventListener("change", () => choose(name, isRadio ? input.value : input.checked ? "on" : "off"));
  }
  const menu = document.getElementById("settings-menu");
  if (!menu) return;
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

/** The switch between looking only and changing. */
export function modeView({ actions, user }) {
  const group = document.getElementById("mode");
  if (!group) return () => {};
  const inputs = [...group.querySelectorAll("input")];
  group.disabled = !user.may_write;
  let latest = "";
  const draw = () => inputs.forEach((input) => (input.checked = input.value === latest));
  for (const input of inputs) {
    input.addEventListener("change", async () => {
      if (!(await actions.setMode(input.value))) draw();
    });
  }
  return ({ state }) => {
    if (state.mode === latest) return;
    latest = state.mode;
    draw();
  };
}

/**
 * Whether a tab has been hidden long enough to give its connection up.
 *
 * Six connections are all that HTTP/1.1 gives a browser for one origin, so a tab nobody sees keeps
 * none: after a grace period it polls slowly, and it streams again as soon as it is shown. A tab
 * that starts hidden starts quiet.
 */

export class TabVisibility {
  #environment;
  #timers;
  #grace;
  #hooks;
  #off = () => {};
  #quiet = false;

  /**
   * @param {CairnStream.Environment} environment
   * @param {{ set(name: string, ms: number, fn: () => void): void, clear(name: string): void }} timers
   * @param {number} grace `Infinity` never goes quiet
   * @param {{ quiet: () => void, shown: (wasQuiet: boolean) => void }} hooks
   */
  constructor(environment, timers, grace, hooks) {
    this.#environment = environment;
    this.#timers = timers;
    this.#grace = grace;
    this.#hooks = hooks;
  }

  get quiet() {
    return this.#quiet;
  }

  start() {
    this.#quiet = this.#environment.hidden() && this.#grace !== Infinity;
    this.#off = this.#environment.onVisibility(() => this.#changed());
  }

  stop() {
    this.#off();
    this.#timers.clear("hidden");
  }

  #changed() {
    if (this.#environment.hidden()) {
      if (this.#grace !== Infinity && !this.#quiet) this.#timers.set("hidden", this.#grace, () => this.#goQuiet());
      return;
    }
    this.#timers.clear("hidden");
    const wasQuiet = this.#quiet;
    this.#quiet = false;
    this.#hooks.shown(wasQuiet);
  }

  #goQuiet() {
    this.#quiet = true;
    this.#hooks.quiet();
  }
}

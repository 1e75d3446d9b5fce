/* Seconds that a person spends on each task.
 *
 * The clock stands still while the tab or the desk is not visible, and from a minute after the window has lost the
 * focus: until then somebody may be looking something up beside it.
 */

const BEAT = 500; // ms
const LONGEST = 5_000; // ms; a longer beat was a machine that slept
const AWAY = 60_000; // ms without the focus that still count

class TaskClock {
  constructor(isVisible) {
    this.isVisible = isVisible;
    this.spent = new Map(); // ms, by ID of the task
    this.away = 0; // ms since the window has lost the focus
    this.last = performance.now();
    this.was = this.runs();
    this.beat = () => this.add();
    this.timer = setInterval(this.beat, BEAT);
    document.addEventListener("visibilitychange", this.beat);
  }

  runs() {
    return document.visibilityState === "visible" && this.isVisible();
  }

  /** Add the time since the last beat, if the task was visible at both. */
  add() {
    const [now, runs] = [performance.now(), this.runs()];
    const passed = now - this.last;
    this.away = document.hasFocus() ? 0 : this.away + passed;
    const counts = this.was && runs && passed < LONGEST && this.away <= AWAY;
    if (counts && this.task) this.spent.set(this.task, (this.spent.get(this.task) ?? 0) + passed);
    [this.last, this.was] = [now, runs];
  }

  /** Time goes to this task from now on. */
  start(task) {
    this.add();
    this.task = task;
  }

  /** Seconds spent on a task. */
  seconds(task) {
    this.add();
    return (this.spent.get(task) ?? 0) / 1000;
  }

  /** The task was answered: what is spent on it later is counted anew. */
  clear(task) {
    this.spent.delete(task);
  }

  remove() {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.beat);
  }
}

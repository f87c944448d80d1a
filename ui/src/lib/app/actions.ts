/**
 * Actions that one room asks of another which stands above it: the lower one dispatches, the upper one registers what
 * is done. So a row of the transfers can open the push sheet, and neither imports the other in a circle.
 * Grows by one line for each action; an action that only higher rooms ask for is a call, and not listed here.
 */
import type { Problem, TaskView } from "../backend/backend";

/** Names every action, and what it is given. */
export interface Actions {
  /** Opens the push sheet of a push that came back with a question. */
  pushAgain: TaskView;
  /** Shows the steps of a build. */
  showSteps: TaskView;
  /** Opens the sheet of a build whose image goes to a repository. */
  buildHere: { account: string; repository: string };
  /** Opens the connection check of an account. */
  checkConnection: { account: string };
  /** Says one line at the bottom of the page. */
  say: { text: string; problem?: Problem };
}

type Registered = { [Name in keyof Actions]?: (given: Actions[Name]) => void };

const registered: Registered = {};

/** Registers what an action does; a later registration takes the place of an earlier one. */
export function register<Name extends keyof Actions>(name: Name, act: Registered[Name]): void {
  registered[name] = act;
}

/** Does an action. It throws where no room has registered it, since a button that does nothing is a mistake. */
export function dispatch<Name extends keyof Actions>(name: Name, given: Actions[Name]): void {
  const act = registered[name];
  if (act === undefined) throw new Error(`nothing does the action ${name}`);
  act(given);
}

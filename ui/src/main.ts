import { mount } from "svelte";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/opening.css";
import App from "./App.svelte";
import { chooseBackend } from "./choose-backend";
import { noteHand } from "./lib/shared/drag/hand";
import { system } from "./lib/shared/system";

document.documentElement.dataset["system"] = system;

const target = document.getElementById("app");
if (target !== null) {
  noteHand();
  void chooseBackend().then((backend) => mount(App, { target, props: { backend } }));
}

import { mount } from "svelte";
import "./styles/tokens.css";
import "./styles/base.css";
import App from "./App.svelte";
import { chooseBackend } from "./choose-backend";
import { noteHand } from "./lib/shared/drag/hand";

const target = document.getElementById("app");
if (target !== null) {
  noteHand();
  void chooseBackend().then((backend) => mount(App, { target, props: { backend } }));
}

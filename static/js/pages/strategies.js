/** The list of strategies. */

import { keepFresh } from "./refresh.js";
import "./shell.js";

keepFresh(document.getElementById("strategy-list"));

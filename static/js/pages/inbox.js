/** The inbox: every gate that waits, as it comes and goes. */

import { keepFresh } from "./refresh.js";
import { checkWaiting } from "./waiting.js";

keepFresh(document.getElementById("inbox-list"), { onChange: checkWaiting });

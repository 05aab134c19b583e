/** The list of plans, and the dialog for a new one. */

import "./new-plan.js";
import { openFromLinks } from "./open-dialog.js";
import { keepFresh } from "./refresh.js";

keepFresh(document.getElementById("plan-list"));
openFromLinks("[data-new-plan]", document.getElementById("new-plan-dialog"), "new-plan-goal");

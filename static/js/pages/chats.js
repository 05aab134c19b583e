/** The list of chats, and the dialog for a new one. */

import "./new-chat.js";
import { openFromLinks } from "./open-dialog.js";
import { keepFresh } from "./refresh.js";

keepFresh(document.getElementById("chat-list"));
openFromLinks("[data-new-chat]", document.getElementById("new-chat-dialog"), "new-chat-files");

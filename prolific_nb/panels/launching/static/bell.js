// "Notify me": asks for permission only on a click. When Python rings, a notification appears where the browser allows
// it, and the title of the tab gets a bell until the window has the focus.

const MARK = "🔔 ";
const WORDS = {
    off: "",
    granted: "A notification appears when the study ends.",
    title: "The title of this tab shows a bell when the study ends.",
    denied: "This browser does not allow notifications here; the title of this tab shows a bell instead.",
};

export default {
    // Once for a model, however many views of it there are: a study ends once.
    initialize({ model }) {
        const ring = () => {
            if (!model.get("wanted")) return;
            markTitle();
            notify(model.get("message"));
        };
        model.on("change:rung", ring);
        return () => model.off("change:rung", ring);
    },

    render({ model, el }) {
        el.classList.add("pnb-bell");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "jupyter-button widget-button pnb-button";
        button.textContent = "Notify me";
        const status = document.createElement("span");
        status.className = "pnb-muted";
        status.setAttribute("role", "status");
        el.append(button, status);

        const show = () => {
            const wanted = model.get("wanted");
            button.setAttribute("aria-pressed", String(wanted));
            button.classList.toggle("mod-active", wanted);
            const state = wanted ? permission() : "off";
            if (status.dataset.state === state) return; // setting the same words again would announce them again
            status.dataset.state = state;
            status.textContent = WORDS[state];
        };
        const click = async () => {
            const wanted = !model.get("wanted");
            model.set("wanted", wanted);
            model.save_changes();
            show();
            if (wanted && permission() === "title" && "Notification" in window) {
                try {
                    await Notification.requestPermission();
                } catch {
                    // A frame without the right to ask; the words below say what happens instead.
                }
                show();
            }
        };
        button.addEventListener("click", click);
        model.on("change:wanted", show);
        show();
        return () => model.off("change:wanted", show);
    },
};

function permission() {
    if (!("Notification" in window) || Notification.permission === "denied") return "denied";
    return Notification.permission === "granted" ? "granted" : "title";
}

function notify(message) {
    if (permission() !== "granted") return;
    try {
        const shown = new Notification("Prolific", { body: message, tag: "pnb-study" });
        shown.onclick = () => {
            window.focus();
            shown.close();
        };
    } catch {
        // Chrome on Android allows notifications from service workers only; the title shows the bell there.
    }
}

function markTitle() {
    if (document.hasFocus() || document.title.startsWith(MARK)) return;
    document.title = MARK + document.title;
    // The notebook sets the title of the tab too, for example when another document is opened.
    const keep = new MutationObserver(() => {
        if (!document.title.startsWith(MARK)) document.title = MARK + document.title;
    });
    const title = document.querySelector("title");
    if (title) keep.observe(title, { childList: true, characterData: true, subtree: true });
    const unmark = () => {
        keep.disconnect();
        if (document.title.startsWith(MARK)) document.title = document.title.slice(MARK.length);
    };
    window.addEventListener("focus", unmark, { once: true });
}

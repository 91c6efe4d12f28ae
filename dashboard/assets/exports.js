// A click on a file that has to be made: the button says so until it comes, and a failure is told in a sentence.
"use strict";

(() => {
  const say = (link, text) => {
    let told = link.parentElement.querySelector(".vbp-export-failed");
    if (!told && text) {
      told = document.createElement("p");
      told.className = "vbp-export-failed";
      told.setAttribute("role", "alert");
      link.after(told);
    }
    if (told) told.textContent = text;
  };

  const save = (content, name) => {
    const address = URL.createObjectURL(content);
    const link = Object.assign(document.createElement("a"), { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  };

  document.addEventListener("click", async (click) => {
    const link = click.target.closest?.("a.vbp-export");
    if (!link) return;
    click.preventDefault();
    if (link.getAttribute("aria-busy") === "true") return;
    const text = link.textContent;
    link.setAttribute("aria-busy", "true");
    link.textContent = link.dataset.busy;
    say(link, "");
    try {
      const answer = await fetch(link.href, { credentials: "same-origin" });
      if (answer.status === 401) { location.reload(); return; }
      const isSentence = !answer.ok && (answer.headers.get("content-type") || "").startsWith("text/plain");
      if (!answer.ok) throw new Error(isSentence ? await answer.text() : "");
      save(await answer.blob(), link.getAttribute("download"));
    } catch (problem) {
      say(link, problem.message && !(problem instanceof TypeError) ? problem.message : link.dataset.failed);
    } finally {
      link.textContent = text;
      link.removeAttribute("aria-busy");
    }
  });
})();

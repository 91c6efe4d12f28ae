// Loaded before Streamlit. Streamlit's own words in Chinese. The table is words.json: exact texts, and patterns with groups.
// In English nothing is touched; switching back puts Streamlit's words where they were.
"use strict";

// Where the application begins, told to Streamlit before it starts: it would ask for its own address
// below every page's (/prices/_stcore/health), in vain and with errors in the browser's console.
const base = new URL("..", document.currentScript.src).href;
window.__streamlit = { BACKEND_BASE_URL: base, MAIN_PAGE_BASE_URL: base };

(async () => {
  const table = await (await fetch(`${base}vbp/words.json`)).json();
  const chinese = new Map(Object.entries(table.texts));
  const english = new Map(Object.entries(table.texts).map(([from, to]) => [to, from]));
  const patterns = table.patterns.map(([from, to]) => [new RegExp(from), to]);
  const attributes = ["aria-label", "placeholder", "title", "data-title", "alt", "aria-valuetext"];
  // Names of icons, and the cells of tables, are no words of Streamlit's.
  const untouched = "[data-testid=stIconMaterial], [data-testid=stDataFrame] canvas, script, style, textarea";

  let language = new URLSearchParams(location.search).get("lang") === "en" ? "en" : "zh";

  const translated = (text) => {
    const words = text.trim();
    if (!words) return null;
    if (language === "en") return english.get(words) ?? null;
    if (chinese.has(words)) return chinese.get(words);
    const fitting = patterns.find(([from]) => from.test(words));
    return fitting ? words.replace(fitting[0], fitting[1]) : null;
  };

  const translate = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      if (node.parentElement?.closest(untouched)) return;
      const words = translated(node.nodeValue);
      if (words !== null && words !== node.nodeValue) node.nodeValue = words;
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      for (const name of attributes) {
        const words = node.hasAttribute(name) ? translated(node.getAttribute(name)) : null;
        if (words !== null && words !== node.getAttribute(name)) node.setAttribute(name, words);
      }
    }
  };

  const translateAll = (root) => {
    translate(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) translate(walker.currentNode);
  };

  const followLanguage = () => {
    const said = document.getElementById("vbp-language")?.dataset.language;
    if (!said || said === language) return;
    language = said;
    document.documentElement.lang = language === "en" ? "en" : "zh-CN";
    translateAll(document.body);
  };

  new MutationObserver((changes) => {
    followLanguage();
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(translateAll);
      else translate(change.target);
    }
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true,
    attributeFilter: [...attributes, "data-language"],
  });
  document.documentElement.lang = language === "en" ? "en" : "zh-CN";
  translateAll(document.body);
})();

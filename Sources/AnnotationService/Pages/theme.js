// Runs before the page is drawn, so that a chosen theme does not flash in the other colours.
(() => {
  try {
    const folder = new URL(".", document.baseURI).pathname;
    const { theme } = JSON.parse(localStorage.getItem(`mixinstruct:${folder}:preferences`)) ?? {};
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Nothing is kept, or it cannot be read: the system's colours.
  }
})();

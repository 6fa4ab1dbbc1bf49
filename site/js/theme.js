// Runs before the first paint: a stored choice of theme, and marks that scripts run and that there is a live server.
(function () {
  const root = document.documentElement;
  root.classList.replace('no-js', 'js');
  const live = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="live"]'));
  if (live?.content) root.classList.add('with-live');
  try {
    const chosen = localStorage.getItem('theme');
    if (chosen === 'light' || chosen === 'dark') root.dataset.theme = chosen;
  } catch {
    // Without storage the system's theme holds.
  }
})();

// Runs before the first paint: a stored choice of theme, and the mark that scripts run.
(function () {
  const root = document.documentElement;
  root.classList.replace('no-js', 'js');
  try {
    const chosen = localStorage.getItem('theme');
    if (chosen === 'light' || chosen === 'dark') root.dataset.theme = chosen;
  } catch {
    // Without storage the system's theme holds.
  }
})();

// The choice between light and dark; without one the system's holds.
const dark = matchMedia('(prefers-color-scheme: dark)');
const shown = () => document.documentElement.dataset.theme ?? (dark.matches ? 'dark' : 'light');

export function themeButton(button) {
  const label = () => (button.textContent = shown() === 'dark' ? 'Light theme' : 'Dark theme');
  button.addEventListener('click', () => {
    const theme = shown() === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem('theme', theme);
    } catch {
      // Without storage the choice holds until the page is left.
    }
    label();
  });
  dark.addEventListener('change', label);
  label();
}

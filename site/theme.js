// Before the page is shown, so that it does not flash in the other colours.
try {
  const theme = localStorage.getItem('theme');
  if (theme === 'dark' || theme === 'light') document.documentElement.style.colorScheme = theme;
} catch {
  // A browser that keeps nothing for this page shows the colours of the system.
}

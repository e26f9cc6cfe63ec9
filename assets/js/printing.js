// Buttons that print: `<button type="button" data-print hidden>Print this page</button>`.
// They stay hidden without JavaScript, where the browser's own menu does it.

export function printButtons () {
  for (const $button of document.querySelectorAll('[data-print]')) {
    $button.hidden = false
    $button.addEventListener('click', () => window.print())
  }
}

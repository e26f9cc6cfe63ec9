// A form that makes something carries a key, so that sent twice it makes it once. Shown again by
// the back button it is there to make another: then it gets another key.

export function renewKeys () {
  window.addEventListener('pageshow', (event) => {
    if (!event.persisted) return
    for (const $key of document.querySelectorAll('input[data-once]')) {
      // Without one it makes what is sent, each time.
      $key.value = window.crypto.randomUUID?.() ?? ''
    }
  })
}

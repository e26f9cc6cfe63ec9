// Passkeys: shows what needs them where the browser can, and says what went wrong.
//
// The exchange with the device is allauth's own script. Parts of a page marked `data-passkey`
// stay hidden until it is known that they work; `data-passkey-missing` is what is said instead.

const WORDS = {
  NotAllowedError: 'It was stopped, or took too long. Try again',
  InvalidStateError: 'This device has a passkey for your account already',
  SecurityError: 'Passkeys do not work at this address. Ask your administrator',
  NotSupportedError: 'This device can’t make a passkey of that kind'
}

export function startPasskeys () {
  const works = Boolean(window.PublicKeyCredential && window.isSecureContext)
  for (const $part of document.querySelectorAll('[data-passkey]')) $part.hidden = !works
  for (const $words of document.querySelectorAll('[data-passkey-missing]')) $words.hidden = works
  document.addEventListener('allauth.error', (event) => {
    const $error = document.querySelector('[data-passkey-error]')
    if (!$error) return
    event.preventDefault()
    $error.textContent = WORDS[event.detail.exception?.name] ?? 'That did not work. Try again'
  })
}

// The token that the server wants with every request that changes something.

export function csrfToken () {
  const $meta = document.querySelector('meta[name="csrf-token"]')
  return $meta ? $meta.content : (document.querySelector('[name="csrfmiddlewaretoken"]')?.value ?? '')
}

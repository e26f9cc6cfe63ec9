// The one script of every page. Pages work without it; it makes them kinder.

import { createAll, initAll, Radios } from 'govuk-frontend'
import {
  AddAnother,
  Alert,
  ButtonMenu,
  FilterToggleButton,
  MultiSelect,
  SortableTable
} from '@ministryofjustice/frontend'

import { startDrafts } from './drafts.js'
import { renewKeys } from './once.js'
import { startPasskeys } from './passkeys.js'
import { printButtons } from './printing.js'
import { startTimeout } from './timeout.js'

// A radio may not carry aria-expanded: screen readers differ in what they make of it.
const reveal = Radios.prototype.syncConditionalRevealWithInputState
Radios.prototype.syncConditionalRevealWithInputState = function ($input) {
  reveal.call(this, $input)
  $input.removeAttribute('aria-expanded')
}

initAll()

for (const Component of [AddAnother, Alert, ButtonMenu, FilterToggleButton, MultiSelect, SortableTable]) {
  createAll(Component)
}

const drafts = startDrafts()
startTimeout({ beforeLeaving: drafts.flush })
printButtons()
renewKeys()
startPasskeys()

// Builds assets/built/ from assets/scss/, assets/js/ and assets/icons/.
//
//   npm run build          once, compressed
//   npm run watch          again whenever a source file changes
//
// Everything the browser loads comes out of this folder, so that the
// Content-Security-Policy can stay at 'self'.

import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { existsSync, watch } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import * as esbuild from 'esbuild'
import * as sass from 'sass'

const here = path.dirname(fileURLToPath(import.meta.url))
const modules = path.join(here, '..', 'node_modules')
const built = path.join(here, 'built')

// Where the pictures named by the style sheet may come from.
const imageFolders = [
  path.join(modules, 'govuk-frontend/dist/govuk/assets/images'),
  path.join(modules, '@ministryofjustice/frontend/moj/assets/images')
]

/** Compile the style sheet and return its text. */
function compileStyles () {
  const { css } = sass.compile(path.join(here, 'scss/app.scss'), {
    style: 'compressed',
    charset: false,
    // MoJ Frontend names its own dependency by a path from the root.
    loadPaths: [path.dirname(modules), modules],
    quietDeps: true,
    logger: {
      // MoJ Frontend uses mixins that GOV.UK Frontend has marked as old: only our own matter.
      warn: (message, { stack }) => {
        if (!stack?.includes('node_modules/@ministryofjustice')) console.warn(message, stack ?? '')
      }
    }
  })
  // The font of GOV.UK may only be used on the gov.uk domain.
  if (css.includes('@font-face')) throw new Error('app.css must not name a web font')
  return css
}

/** Copy every picture that the style sheet names: the static manifest fails on a missing one. */
async function copyImages (css) {
  const names = new Set()
  for (const [, url] of css.matchAll(/url\(["']?([^"')]+)["']?\)/g)) {
    if (url.startsWith('data:')) continue
    if (!url.startsWith('images/')) throw new Error(`app.css points outside images/: ${url}`)
    names.add(url.slice('images/'.length))
  }
  await mkdir(path.join(built, 'images'), { recursive: true })
  for (const name of names) {
    const folder = imageFolders.find((candidate) => existsSync(path.join(candidate, name)))
    if (!folder) throw new Error(`no picture called ${name} in the packages`)
    await cp(path.join(folder, name), path.join(built, 'images', name))
  }
}

async function build () {
  // Compiled first: a mistake in a style leaves the last good build in place.
  const css = compileStyles()
  await rm(built, { recursive: true, force: true })
  await mkdir(built, { recursive: true })
  await writeFile(path.join(built, 'app.css'), css)
  await copyImages(css)
  await cp(path.join(here, 'icons'), path.join(built, 'icons'), { recursive: true })
  await esbuild.build({
    entryPoints: [path.join(here, 'js/app.js')],
    outfile: path.join(built, 'app.js'),
    bundle: true,
    format: 'esm',
    minify: true,
    target: ['es2020'],
    legalComments: 'none',
    logLevel: 'warning'
  })
}

await build()

if (process.argv.includes('--watch')) {
  let timer
  for (const folder of ['scss', 'js', 'icons']) {
    watch(path.join(here, folder), { recursive: true }, () => {
      clearTimeout(timer)
      // Editors write a file in several steps: wait for the last one.
      timer = setTimeout(() => build().catch((error) => console.error(error.message)), 100)
    })
  }
}

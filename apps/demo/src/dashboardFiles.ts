import type { ServerResponse } from 'node:http'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { Router } from 'express'

const POLICY = [
  "default-src 'self'",
  // React and the buttons set inline styles; scripts come from files alone.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self' ws: wss: https:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

/** The built dashboard. Its views live after "#", so only "/" is a page; what is no file goes on to the next handler. */
export function dashboardFiles(folder = builtDashboard()): Router {
  const router = Router()
  // Names in assets/ carry a hash of their content.
  router.use('/assets', express.static(`${folder}/assets`, { immutable: true, maxAge: '1y', redirect: false }))
  router.use(express.static(folder, { cacheControl: false, redirect: false, setHeaders }))
  return router
}

function builtDashboard(): string {
  return dirname(fileURLToPath(import.meta.resolve('@org/dashboard/index.html')))
}

function setHeaders(response: ServerResponse): void {
  response.setHeader('Content-Security-Policy', POLICY)
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Referrer-Policy', 'same-origin')
  response.setHeader('Cache-Control', 'no-cache')
}

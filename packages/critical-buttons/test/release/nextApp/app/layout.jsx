import '@org/critical-buttons/styles.css'

export const metadata = { title: 'Consumer' }

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}

// Where the back end is. Read at each request: the same build runs in every environment.

export function backend(path: string): URL {
  return new URL(path, process.env.BACKEND_URL || "http://127.0.0.1:8000");
}

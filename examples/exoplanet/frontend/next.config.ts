import type { NextConfig } from "next";

const config: NextConfig = {
  output: "standalone",
  poweredByHeader: false,
  // No picture is ever resized here, so the library for it (30 MB) need not come along.
  images: { unoptimized: true },
  outputFileTracingExcludes: { "*": ["node_modules/sharp/**", "node_modules/@img/**"] },
  outputFileTracingRoot: import.meta.dirname,
};

export default config;

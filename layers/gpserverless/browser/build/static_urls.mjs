// @ts-check
// `import url from "static:NAME"` is the URL of a static file, beside the module that asks for it.

/**
 * @param {Record<string, string>} names File names with their digests, by the names without.
 * @returns {import("esbuild").Plugin}
 */
export function staticUrls(names) {
  return {
    name: "static",
    setup(build) {
      build.onResolve({ filter: /^static:/ }, ({ path }) => ({ path: path.slice("static:".length), namespace: "static" }));
      build.onLoad({ filter: /.*/, namespace: "static" }, ({ path }) => {
        const name = names[path];
        if (!name) return { errors: [{ text: `there is no static file ${path}` }] };
        return { contents: `export default new URL(${JSON.stringify(`./${name}`)}, import.meta.url).href` };
      });
    },
  };
}

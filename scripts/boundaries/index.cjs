/**
 * The boundaries of the code base. Between packages they are the dependencies that each
 * package.json declares; inside `lockstep`, and where a package may see only a part of another,
 * they are this table: what a part imports, and why. `npm run boundaries` checks them, and
 * docs/architecture.svg is drawn from the actual imports.
 */
module.exports = { ...require("./modules.cjs"), ...require("./packages.cjs") };

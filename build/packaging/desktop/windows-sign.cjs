// Signs one file by the program that PHOENIX_WINDOWS_SIGN names, which gets its path: a hardware module or a signing service,
// so that the key never is on this machine.
const { execFileSync } = require("node:child_process");

exports.default = ({ path }) => {
	execFileSync(process.env.PHOENIX_WINDOWS_SIGN, [path], { stdio: ["ignore", 2, 2] });
};

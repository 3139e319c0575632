// The small parts every place is made of: buttons, badges, dialogs, marked source, numbers in words.
// They know the design tokens and nothing of the product.
export { Button } from "./button.tsx";
export { Dialog, DialogCorner, onlyClose } from "./dialog.tsx";
export {
	bareName,
	boundWords,
	bytes,
	clock,
	count,
	duration,
	keyWords,
	percent,
	percentAtMost,
	plural,
	setTimeZone,
	shortName,
	timeZoneWords,
} from "./format.ts";
export { Badge, Empty, Keys, type Tone } from "./small.tsx";
export { languageOf, markedLine, Source, type SourceLanguage } from "./source.tsx";
export { SplitPane } from "./split-pane.tsx";

/** What arrived and waits to be handled, in order and bounded: above `mostBytes` it asks for a pause, below half of it for more. */
export type Inbox<Item> = {
	put(item: Item, bytes: number): void;
	/** Handles what waits, until `handle` says that it must wait itself. */
	pump(): void;
};

export type InboxOptions<Item> = {
	mostBytes: number;
	/** False: not now; the item stays, and `pump` is called again when it may go on. */
	handle(item: Item): boolean;
	pause(): void;
	resume(): void;
};

export function createInbox<Item>({ mostBytes, handle, pause, resume }: InboxOptions<Item>): Inbox<Item> {
	let items: { item: Item; bytes: number }[] = [];
	let bytes = 0;
	let isPaused = false;
	let isPumping = false;
	return {
		put(item, size) {
			items.push({ item, bytes: size });
			bytes += size;
			if (bytes > mostBytes && !isPaused) {
				isPaused = true;
				pause();
			}
		},
		pump() {
			// A listener of the commits may come back here.
			if (isPumping) return;
			isPumping = true;
			let done = 0;
			try {
				for (; done < items.length; done++) {
					const { item, bytes: size } = items[done] as (typeof items)[number];
					if (!handle(item)) break;
					bytes -= size;
				}
			} finally {
				items = items.slice(done);
				isPumping = false;
			}
			if (isPaused && bytes <= mostBytes / 2) {
				isPaused = false;
				resume();
			}
		},
	};
}

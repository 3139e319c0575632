import { createContext, type ReactNode, use } from "react";
import { useStore } from "zustand";
import type { CommandId } from "../../core/contract/commands.ts";
import type { EngineState, ProjectState, ScreenState } from "../state/index.ts";
import { type Context, commandOf, perform, seenBy } from "./commands/index.ts";

const AppContext = createContext<Context | null>(null);

export function AppProvider({ context, children }: { context: Context; children: ReactNode }) {
	return <AppContext value={context}>{children}</AppContext>;
}

export function useApp(): Context {
	const context = use(AppContext);
	if (context === null) throw new Error("Outside of the application");
	return context;
}

export function useEngine<T>(select: (state: EngineState) => T): T {
	return useStore(useApp().engine, select);
}

export function useProject<T>(select: (state: ProjectState) => T): T {
	return useStore(useApp().project, select);
}

export function useScreen<T>(select: (state: ScreenState) => T): T {
	return useStore(useApp().screen, select);
}

/** A command with what a button needs of it. */
export function useCommand(id: CommandId): { title: string; keys: string | undefined; enabled: boolean; run(argument?: string): void } {
	const context = useApp();
	const command = commandOf(id);
	const isEnabled = () => command.when(seenBy(context));
	// Three subscriptions to one answer: a change of any store asks again, and only a changed answer draws again.
	useStore(context.engine, isEnabled);
	useStore(context.project, isEnabled);
	const enabled = useStore(context.screen, isEnabled);
	return { title: command.title, keys: command.keys, enabled, run: (argument) => void perform(context, id, argument) };
}

// uPlot and the fonts of Monaco bring style sheets without types of their own.
declare module "*.css";

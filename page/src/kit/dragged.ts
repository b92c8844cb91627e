/** How a sound that is dragged from the page to a pad is named. */
export const DRAGGED = "application/x-drumsort-sound";

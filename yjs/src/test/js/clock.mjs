// A clock that stands where a test puts it. To be imported before lib0, which keeps Date.now as it finds it.
let stopped = null
const now = Date.now
Date.now = () => stopped ?? now()

/** @param {number | null} time null lets it go on */
export const stopAt = time => { stopped = time }

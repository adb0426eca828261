// The one file that loads the table itself, so that everything else can be tested in plain Node.
import bytes from './place-table.bin'
import { openPlaceTable } from './place-table.ts'

export const placeTable = openPlaceTable(bytes)

/** Day of the data, `YYYY-MM-DD`: shown wherever a place is shown, since addresses move. */
export const placeTableDate = placeTable.dataDate

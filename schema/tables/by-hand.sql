--> statement-breakpoint
-- What Drizzle cannot declare. btree_gist is a trusted extension: the owner of a database may create it.
CREATE EXTENSION IF NOT EXISTS btree_gist;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_no_overlap" EXCLUDE USING gist ("room_id" WITH =, "place" WITH =, tstzrange("from", "held_until") WITH &&) WHERE (state in ('booked', 'kept'));

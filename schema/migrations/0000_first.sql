CREATE TABLE "alerts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"site_id" uuid NOT NULL,
	"parcel_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"facts" jsonb NOT NULL,
	"note_id" uuid,
	"made_by" uuid,
	"made_at" timestamp (3) with time zone NOT NULL,
	"taken_by" uuid,
	"taken_at" timestamp (3) with time zone,
	"settled_by" uuid,
	"settled_at" timestamp (3) with time zone,
	"settle_note_id" uuid
);
--> statement-breakpoint
CREATE TABLE "audits" (
	"id" uuid PRIMARY KEY NOT NULL,
	"site_id" uuid NOT NULL,
	"controller_id" text NOT NULL,
	"after_n" bigint NOT NULL,
	"made_by" uuid NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "settlements" (
	"site_id" uuid NOT NULL,
	"n" bigint NOT NULL,
	"settled_by" uuid NOT NULL,
	"settled_at" timestamp (3) with time zone NOT NULL,
	"note_id" uuid NOT NULL,
	CONSTRAINT "settlements_site_id_n_pk" PRIMARY KEY("site_id","n")
);
--> statement-breakpoint
CREATE TABLE "delegates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"parcel_id" uuid NOT NULL,
	"grant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "controllers" (
	"id" text PRIMARY KEY NOT NULL,
	"site_id" uuid NOT NULL,
	"name" text NOT NULL,
	"password_mac" "bytea" NOT NULL,
	"code_key_wrapped" "bytea" NOT NULL,
	"enrolled_at" timestamp (3) with time zone NOT NULL,
	"retired_at" timestamp (3) with time zone,
	"online" boolean DEFAULT false NOT NULL,
	"last_heard_at" timestamp (3) with time zone,
	"away_since" timestamp (3) with time zone,
	"link" text,
	"boot" text,
	"up" bigint DEFAULT 0 NOT NULL,
	"up_at" timestamp (3) with time zone,
	"journal" text,
	"first" bigint DEFAULT 0 NOT NULL,
	"last" bigint DEFAULT 0 NOT NULL,
	"firmware" text,
	"clock" text,
	"clock_set_by" bigint,
	"clock_set_at" timestamp (3) with time zone,
	"keypads" jsonb,
	"doors_said" jsonb,
	"doors_differ" text,
	"grants_made" bigint DEFAULT 0 NOT NULL,
	"grants_known" bigint DEFAULT 0 NOT NULL,
	"config_made" bigint DEFAULT 1 NOT NULL,
	"config_known" bigint DEFAULT 0 NOT NULL,
	"malformed" integer DEFAULT 0 NOT NULL,
	"doubtful_until" bigint
);
--> statement-breakpoint
CREATE TABLE "doors" (
	"id" uuid PRIMARY KEY NOT NULL,
	"controller_id" text NOT NULL,
	"site_id" uuid NOT NULL,
	"door" integer NOT NULL,
	"kind" text NOT NULL,
	"size" text,
	"height" text DEFAULT 'normal' NOT NULL,
	"name" text,
	"column" integer,
	"row" integer,
	"door_sensor" boolean NOT NULL,
	"occupancy_sensor" boolean NOT NULL,
	"state" text DEFAULT 'unknown' NOT NULL,
	"occupied" boolean,
	"mode" text DEFAULT 'normal' NOT NULL,
	"alarm" text,
	"alarm_at" timestamp (3) with time zone,
	"offer" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "grants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"site_id" uuid NOT NULL,
	"controller_id" text NOT NULL,
	"door_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"means" text NOT NULL,
	"parcel_id" uuid,
	"resident_id" uuid,
	"from" timestamp (3) with time zone NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"uses" integer NOT NULL,
	"reopen_ms" integer DEFAULT 0 NOT NULL,
	"counter" "bytea",
	"check" text,
	"totp_wrapped" "bytea",
	"totp_step" bigint,
	"made_at" timestamp (3) with time zone NOT NULL,
	"made_version" bigint,
	"used_at" timestamp (3) with time zone,
	"used_recorded_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"revoked_version" bigint,
	"note_id" uuid
);
--> statement-breakpoint
CREATE TABLE "journals" (
	"controller_id" text NOT NULL,
	"journal" text NOT NULL,
	"seq" bigint NOT NULL,
	"last_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "journals_controller_id_journal_pk" PRIMARY KEY("controller_id","journal")
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"site_id" uuid NOT NULL,
	"controller_id" text NOT NULL,
	"door_id" uuid NOT NULL,
	"grant_id" uuid NOT NULL,
	"type" text NOT NULL,
	"mode" text,
	"for_ms" bigint,
	"ask" text,
	"boot" text NOT NULL,
	"not_after_up" bigint NOT NULL,
	"deadline_at" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"refused_reason" text,
	"made_by" uuid,
	"made_at" timestamp (3) with time zone NOT NULL,
	"accepted_at" timestamp (3) with time zone,
	"unlocked_at" timestamp (3) with time zone,
	"opened_at" timestamp (3) with time zone,
	"late" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "name_looks" (
	"resident_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"how" text NOT NULL,
	"actor_id" uuid NOT NULL,
	"role" text NOT NULL,
	"room_id" uuid,
	"note_id" uuid
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"site_id" uuid NOT NULL,
	"resident_id" uuid NOT NULL,
	"parcel_id" uuid,
	"sign_in_id" uuid,
	"kind" text NOT NULL,
	"channel" text NOT NULL,
	"language" text NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"run_at" timestamp (3) with time zone NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"last_problem" text,
	"key" text NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	CONSTRAINT "notices_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "history" (
	"site_id" uuid NOT NULL,
	"n" bigint NOT NULL,
	"type" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"live" boolean NOT NULL,
	"controller_id" text,
	"journal" text,
	"seq" bigint,
	"door_id" uuid,
	"grant_id" uuid,
	"order_id" uuid,
	"parcel_id" uuid,
	"actor_id" uuid,
	"facts" jsonb NOT NULL,
	"suspect" text,
	"salt" uuid DEFAULT gen_random_uuid() NOT NULL,
	"previous" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "history_site_id_n_pk" PRIMARY KEY("site_id","n")
);
--> statement-breakpoint
CREATE TABLE "notes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"site_id" uuid NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "parcels" (
	"id" uuid PRIMARY KEY NOT NULL,
	"site_id" uuid NOT NULL,
	"door_id" uuid,
	"shelf" text,
	"joined_to" uuid,
	"resident_id" uuid NOT NULL,
	"carrier_id" uuid,
	"receipt" text NOT NULL,
	"carrier" text,
	"tracking" text,
	"size" text NOT NULL,
	"state" text NOT NULL,
	"step" text DEFAULT 'nothing' NOT NULL,
	"offer_before" text NOT NULL,
	"not_seen" boolean DEFAULT false NOT NULL,
	"unconfirmed" boolean DEFAULT false NOT NULL,
	"by_delegate" boolean DEFAULT false NOT NULL,
	"reason" text,
	"placing_grant_id" uuid,
	"pickup_grant_id" uuid,
	"delegate_grant_id" uuid,
	"badge_grant_id" uuid,
	"used_grant_id" uuid,
	"made_at" timestamp (3) with time zone NOT NULL,
	"opened_at" timestamp (3) with time zone,
	"placed_at" timestamp (3) with time zone,
	"deadline_at" timestamp (3) with time zone,
	"remind_at" timestamp (3) with time zone,
	"extensions" integer DEFAULT 0 NOT NULL,
	"held_until" text,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "parcels_receipt_unique" UNIQUE("receipt")
);
--> statement-breakpoint
CREATE TABLE "bookings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"site_id" uuid NOT NULL,
	"room_id" uuid NOT NULL,
	"place" integer NOT NULL,
	"resident_id" uuid NOT NULL,
	"workshop_id" uuid,
	"from" timestamp (3) with time zone NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"held_until" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"no_show_at" timestamp (3) with time zone,
	"means" text,
	"grant_id" uuid,
	"made_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "room_exceptions" (
	"room_id" uuid NOT NULL,
	"day" text NOT NULL,
	"from" text,
	"until" text,
	"reason" text,
	CONSTRAINT "room_exceptions_room_id_day_pk" PRIMARY KEY("room_id","day")
);
--> statement-breakpoint
CREATE TABLE "room_hours" (
	"room_id" uuid NOT NULL,
	"weekday" integer NOT NULL,
	"from" text NOT NULL,
	"until" text NOT NULL,
	CONSTRAINT "room_hours_room_id_weekday_from_pk" PRIMARY KEY("room_id","weekday","from")
);
--> statement-breakpoint
CREATE TABLE "rooms" (
	"id" uuid PRIMARY KEY NOT NULL,
	"site_id" uuid NOT NULL,
	"door_id" uuid NOT NULL,
	"name" text NOT NULL,
	"capacity" integer NOT NULL,
	"places" integer NOT NULL,
	"buffer_ms" bigint NOT NULL,
	"longest_ms" bigint NOT NULL,
	"ahead_ms" bigint NOT NULL,
	"who_may_book" text NOT NULL,
	"no_show_ms" bigint NOT NULL,
	"holidays" text NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL,
	"retired_at" timestamp (3) with time zone,
	CONSTRAINT "rooms_door_id_unique" UNIQUE("door_id")
);
--> statement-breakpoint
CREATE TABLE "workshop_seats" (
	"workshop_id" uuid NOT NULL,
	"resident_id" uuid NOT NULL,
	"state" text NOT NULL,
	"means" text NOT NULL,
	"grant_id" uuid NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "workshop_seats_workshop_id_resident_id_pk" PRIMARY KEY("workshop_id","resident_id")
);
--> statement-breakpoint
CREATE TABLE "workshops" (
	"id" uuid PRIMARY KEY NOT NULL,
	"site_id" uuid NOT NULL,
	"room_id" uuid NOT NULL,
	"title" text NOT NULL,
	"host_id" uuid NOT NULL,
	"from" timestamp (3) with time zone NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"places" integer NOT NULL,
	"state" text NOT NULL,
	"means" text NOT NULL,
	"grant_id" uuid NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"account_id" uuid NOT NULL,
	"hash" "bytea" NOT NULL,
	"used_at" timestamp (3) with time zone,
	CONSTRAINT "recovery_codes_account_id_hash_pk" PRIMARY KEY("account_id","hash")
);
--> statement-breakpoint
CREATE TABLE "second_factors" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"secret_wrapped" "bytea" NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"last_step" bigint
);
--> statement-breakpoint
CREATE TABLE "sign_ins" (
	"id" uuid PRIMARY KEY NOT NULL,
	"resident_id" uuid NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "account_sites" (
	"account_id" uuid NOT NULL,
	"site_id" uuid NOT NULL,
	CONSTRAINT "account_sites_account_id_site_id_pk" PRIMARY KEY("account_id","site_id")
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"password_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "accounts_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"subject" text PRIMARY KEY NOT NULL,
	"wrong" integer NOT NULL,
	"level" integer NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"locked_until" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "carriers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"site_id" uuid NOT NULL,
	"name" text NOT NULL,
	"code_hash" text NOT NULL,
	"code_made_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "data_keys" (
	"name" text PRIMARY KEY NOT NULL,
	"wrapped" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"actor_id" uuid NOT NULL,
	"key" text NOT NULL,
	"request" text NOT NULL,
	"result" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_actor_id_key_pk" PRIMARY KEY("actor_id","key")
);
--> statement-breakpoint
CREATE TABLE "residents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"site_id" uuid NOT NULL,
	"name" text NOT NULL,
	"flat" text NOT NULL,
	"member_number" text NOT NULL,
	"pin_hash" text,
	"needs_low_door" integer DEFAULT 0 NOT NULL,
	"email" text,
	"phone" text,
	"language" text,
	"tell_by" text[] DEFAULT '{}' NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"moved_out_at" timestamp (3) with time zone,
	CONSTRAINT "residents_member_number_unique" UNIQUE("member_number")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"token_hash" "bytea" PRIMARY KEY NOT NULL,
	"id" uuid NOT NULL,
	"role" text NOT NULL,
	"actor_id" uuid NOT NULL,
	"site_ids" uuid[],
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"browser" text,
	"system" text,
	CONSTRAINT "sessions_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "setup_links" (
	"token_hash" "bytea" PRIMARY KEY NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sites" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"language" text DEFAULT 'fr' NOT NULL,
	"time_zone" text DEFAULT 'Europe/Paris' NOT NULL,
	"deadline_days" integer DEFAULT 5 NOT NULL,
	"extensions" integer DEFAULT 1 NOT NULL,
	"extension_days" integer DEFAULT 5 NOT NULL,
	"hold_days" integer DEFAULT 21 NOT NULL,
	"closed_weekdays" integer[] DEFAULT '{}' NOT NULL,
	"closed_days" text[] DEFAULT '{}' NOT NULL,
	"holidays" text,
	"quiet_from" text DEFAULT '22:00' NOT NULL,
	"quiet_until" text DEFAULT '07:00' NOT NULL,
	"history_n" bigint DEFAULT 0 NOT NULL,
	"history_hash" "bytea" NOT NULL,
	"history_checkpoint" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "taken" (
	"site_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"taken_by" uuid NOT NULL,
	"taken_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "taken_site_id_kind_subject_pk" PRIMARY KEY("site_id","kind","subject")
);
--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_parcel_id_parcels_id_fk" FOREIGN KEY ("parcel_id") REFERENCES "public"."parcels"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audits" ADD CONSTRAINT "audits_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audits" ADD CONSTRAINT "audits_controller_id_controllers_id_fk" FOREIGN KEY ("controller_id") REFERENCES "public"."controllers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "settlements" ADD CONSTRAINT "settlements_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delegates" ADD CONSTRAINT "delegates_parcel_id_parcels_id_fk" FOREIGN KEY ("parcel_id") REFERENCES "public"."parcels"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delegates" ADD CONSTRAINT "delegates_grant_id_grants_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "controllers" ADD CONSTRAINT "controllers_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "doors" ADD CONSTRAINT "doors_controller_id_controllers_id_fk" FOREIGN KEY ("controller_id") REFERENCES "public"."controllers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "doors" ADD CONSTRAINT "doors_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_controller_id_controllers_id_fk" FOREIGN KEY ("controller_id") REFERENCES "public"."controllers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_door_id_doors_id_fk" FOREIGN KEY ("door_id") REFERENCES "public"."doors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_resident_id_residents_id_fk" FOREIGN KEY ("resident_id") REFERENCES "public"."residents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "journals" ADD CONSTRAINT "journals_controller_id_controllers_id_fk" FOREIGN KEY ("controller_id") REFERENCES "public"."controllers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_controller_id_controllers_id_fk" FOREIGN KEY ("controller_id") REFERENCES "public"."controllers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_door_id_doors_id_fk" FOREIGN KEY ("door_id") REFERENCES "public"."doors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_grant_id_grants_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "name_looks" ADD CONSTRAINT "name_looks_resident_id_residents_id_fk" FOREIGN KEY ("resident_id") REFERENCES "public"."residents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "name_looks" ADD CONSTRAINT "name_looks_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_resident_id_residents_id_fk" FOREIGN KEY ("resident_id") REFERENCES "public"."residents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_parcel_id_parcels_id_fk" FOREIGN KEY ("parcel_id") REFERENCES "public"."parcels"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "history" ADD CONSTRAINT "history_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notes" ADD CONSTRAINT "notes_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parcels" ADD CONSTRAINT "parcels_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parcels" ADD CONSTRAINT "parcels_door_id_doors_id_fk" FOREIGN KEY ("door_id") REFERENCES "public"."doors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parcels" ADD CONSTRAINT "parcels_resident_id_residents_id_fk" FOREIGN KEY ("resident_id") REFERENCES "public"."residents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_resident_id_residents_id_fk" FOREIGN KEY ("resident_id") REFERENCES "public"."residents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_workshop_id_workshops_id_fk" FOREIGN KEY ("workshop_id") REFERENCES "public"."workshops"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_grant_id_grants_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_exceptions" ADD CONSTRAINT "room_exceptions_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_hours" ADD CONSTRAINT "room_hours_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_door_id_doors_id_fk" FOREIGN KEY ("door_id") REFERENCES "public"."doors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workshop_seats" ADD CONSTRAINT "workshop_seats_workshop_id_workshops_id_fk" FOREIGN KEY ("workshop_id") REFERENCES "public"."workshops"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workshop_seats" ADD CONSTRAINT "workshop_seats_resident_id_residents_id_fk" FOREIGN KEY ("resident_id") REFERENCES "public"."residents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workshop_seats" ADD CONSTRAINT "workshop_seats_grant_id_grants_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workshops" ADD CONSTRAINT "workshops_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workshops" ADD CONSTRAINT "workshops_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workshops" ADD CONSTRAINT "workshops_host_id_residents_id_fk" FOREIGN KEY ("host_id") REFERENCES "public"."residents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workshops" ADD CONSTRAINT "workshops_grant_id_grants_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "second_factors" ADD CONSTRAINT "second_factors_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_ins" ADD CONSTRAINT "sign_ins_resident_id_residents_id_fk" FOREIGN KEY ("resident_id") REFERENCES "public"."residents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_sites" ADD CONSTRAINT "account_sites_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_sites" ADD CONSTRAINT "account_sites_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "carriers" ADD CONSTRAINT "carriers_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "residents" ADD CONSTRAINT "residents_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "taken" ADD CONSTRAINT "taken_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alerts_site" ON "alerts" USING btree ("site_id","made_at");--> statement-breakpoint
CREATE INDEX "alerts_unsettled" ON "alerts" USING btree ("site_id") WHERE state <> 'settled';--> statement-breakpoint
CREATE UNIQUE INDEX "audits_running" ON "audits" USING btree ("controller_id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "delegates_parcel" ON "delegates" USING btree ("parcel_id");--> statement-breakpoint
CREATE UNIQUE INDEX "doors_number" ON "doors" USING btree ("controller_id","door");--> statement-breakpoint
CREATE INDEX "doors_site" ON "doors" USING btree ("site_id");--> statement-breakpoint
CREATE UNIQUE INDEX "grants_check" ON "grants" USING btree ("controller_id","check") WHERE means = 'code';--> statement-breakpoint
CREATE INDEX "grants_badge" ON "grants" USING btree ("controller_id","check") WHERE means = 'badge';--> statement-breakpoint
CREATE INDEX "grants_totp" ON "grants" USING btree ("controller_id","until") WHERE means = 'totp';--> statement-breakpoint
CREATE INDEX "grants_list" ON "grants" USING btree ("controller_id","until") WHERE means <> 'order';--> statement-breakpoint
CREATE INDEX "grants_door" ON "grants" USING btree ("door_id","until");--> statement-breakpoint
CREATE INDEX "grants_parcel" ON "grants" USING btree ("parcel_id") WHERE parcel_id is not null;--> statement-breakpoint
CREATE INDEX "grants_resident" ON "grants" USING btree ("resident_id") WHERE resident_id is not null;--> statement-breakpoint
CREATE INDEX "orders_waiting" ON "orders" USING btree ("deadline_at") WHERE state in ('made', 'sent');--> statement-breakpoint
CREATE INDEX "orders_unlocked" ON "orders" USING btree ("door_id","unlocked_at") WHERE unlocked_at is not null;--> statement-breakpoint
CREATE INDEX "orders_grant" ON "orders" USING btree ("grant_id");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_ask" ON "orders" USING btree ("controller_id","boot","ask");--> statement-breakpoint
CREATE INDEX "name_looks_resident" ON "name_looks" USING btree ("resident_id","at");--> statement-breakpoint
CREATE INDEX "name_looks_at" ON "name_looks" USING btree ("at");--> statement-breakpoint
CREATE INDEX "notices_due" ON "notices" USING btree ("state","run_at") WHERE state in ('waiting', 'dead');--> statement-breakpoint
CREATE INDEX "notices_site" ON "notices" USING btree ("site_id","state","id");--> statement-breakpoint
CREATE INDEX "notices_parcel" ON "notices" USING btree ("parcel_id");--> statement-breakpoint
CREATE INDEX "notices_made" ON "notices" USING btree ("made_at");--> statement-breakpoint
CREATE UNIQUE INDEX "history_event" ON "history" USING btree ("controller_id","journal","seq") WHERE seq is not null and suspect is null;--> statement-breakpoint
CREATE INDEX "history_suspect" ON "history" USING btree ("controller_id","journal","seq") WHERE suspect is not null;--> statement-breakpoint
CREATE INDEX "history_suspects" ON "history" USING btree ("site_id","n") WHERE suspect is not null;--> statement-breakpoint
CREATE INDEX "history_boots" ON "history" USING btree ("controller_id","type") WHERE type in ('controller-online', 'journal-behind', 'identity-twice');--> statement-breakpoint
CREATE INDEX "history_refused_asks" ON "history" USING btree ("controller_id",(facts ->> 'ask')) WHERE type = 'ask-refused';--> statement-breakpoint
CREATE INDEX "history_keypads" ON "history" USING btree ("site_id","received_at") WHERE type = 'keypad-locked';--> statement-breakpoint
CREATE INDEX "history_counted" ON "history" USING btree ("site_id","received_at") WHERE type in ('none-free', 'jammed', 'forced', 'held-open');--> statement-breakpoint
CREATE INDEX "history_received" ON "history" USING btree ("received_at","n");--> statement-breakpoint
CREATE INDEX "history_parcel" ON "history" USING btree ("parcel_id") WHERE parcel_id is not null;--> statement-breakpoint
CREATE INDEX "history_grant" ON "history" USING btree ("grant_id") WHERE grant_id is not null and parcel_id is null;--> statement-breakpoint
CREATE INDEX "history_door" ON "history" USING btree ("door_id","n") WHERE door_id is not null;--> statement-breakpoint
CREATE INDEX "parcels_door" ON "parcels" USING btree ("door_id","made_at");--> statement-breakpoint
CREATE INDEX "parcels_in_box" ON "parcels" USING btree ("door_id","made_at") WHERE state in ('placing', 'waiting', 'expired', 'contested');--> statement-breakpoint
CREATE INDEX "parcels_resident" ON "parcels" USING btree ("resident_id");--> statement-breakpoint
CREATE INDEX "parcels_site" ON "parcels" USING btree ("site_id","made_at");--> statement-breakpoint
CREATE INDEX "parcels_ended" ON "parcels" USING btree ("site_id","ended_at");--> statement-breakpoint
CREATE INDEX "parcels_remind" ON "parcels" USING btree ("remind_at") WHERE state = 'waiting' and remind_at is not null;--> statement-breakpoint
CREATE INDEX "parcels_joined" ON "parcels" USING btree ("door_id") WHERE joined_to is not null;--> statement-breakpoint
CREATE INDEX "parcels_overdue" ON "parcels" USING btree ("site_id","carrier_id") WHERE state = 'expired';--> statement-breakpoint
CREATE INDEX "parcels_due" ON "parcels" USING btree ("state","deadline_at") WHERE state in ('placing', 'waiting');--> statement-breakpoint
CREATE INDEX "bookings_room" ON "bookings" USING btree ("room_id","from");--> statement-breakpoint
CREATE INDEX "bookings_resident" ON "bookings" USING btree ("resident_id","until");--> statement-breakpoint
CREATE INDEX "bookings_workshop" ON "bookings" USING btree ("workshop_id");--> statement-breakpoint
CREATE INDEX "bookings_grant" ON "bookings" USING btree ("grant_id");--> statement-breakpoint
CREATE INDEX "bookings_no_show" ON "bookings" USING btree ("no_show_at") WHERE state = 'booked';--> statement-breakpoint
CREATE INDEX "bookings_until" ON "bookings" USING btree ("until");--> statement-breakpoint
CREATE INDEX "rooms_site" ON "rooms" USING btree ("site_id");--> statement-breakpoint
CREATE INDEX "workshops_site" ON "workshops" USING btree ("site_id","until");--> statement-breakpoint
CREATE INDEX "workshops_room" ON "workshops" USING btree ("room_id","from");--> statement-breakpoint
CREATE INDEX "sign_ins_resident" ON "sign_ins" USING btree ("resident_id","made_at");--> statement-breakpoint
CREATE INDEX "residents_site" ON "residents" USING btree ("site_id","flat");--> statement-breakpoint
CREATE INDEX "sessions_actor" ON "sessions" USING btree ("actor_id");--> statement-breakpoint
-- What Drizzle cannot declare. btree_gist is a trusted extension: the owner of a database may create it.
CREATE EXTENSION IF NOT EXISTS btree_gist;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_no_overlap" EXCLUDE USING gist ("room_id" WITH =, "place" WITH =, tstzrange("from", "held_until") WITH &&) WHERE (state in ('booked', 'kept'));

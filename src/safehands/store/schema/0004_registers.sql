-- An agency's register of records is read by that agency alone (and by the auditor). Whoever shares a case with it learns
-- of a record through the case's own notes, and of its content through what the service shows.

alter policy agency_reads on safehands.stream using (
    case when case_id is not null
        then (
            select true from safehands.standing_picture s
            where s.case_id = stream.case_id and s.agency = nullif(current_setting('safehands.agency', true), ''))
        else nullif(current_setting('safehands.agency', true), '') is not null
            and (name = 'node' or name like 'pathway/%'
                or name = 'agency/' || current_setting('safehands.agency', true)
                or name = 'register/' || current_setting('safehands.agency', true)
                or starts_with(name, 'agency/' || current_setting('safehands.agency', true) || '/'))
    end);

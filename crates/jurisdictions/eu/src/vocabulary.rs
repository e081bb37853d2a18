use exeat_plugin_sdk::{Enumeration, Jurisdiction, OutcomePlace, Scale};

/// Adds the enumerations and scales.
pub(crate) fn add(jurisdiction: Jurisdiction) -> Jurisdiction {
    jurisdiction
        .enumeration(union_general_export_authorisation())
        .enumeration(use_of_concern())
        .scale(authorisation_outcome())
        .scale(sanctions_outcome())
}

fn union_general_export_authorisation() -> Enumeration {
    Enumeration::new(
        "union_general_export_authorisation",
        "Union general export authorisations (Regulation (EU) 2021/821, Annex II)",
        &[
            (
                "EU001",
                "exports to Australia, Canada, Iceland, Japan, New Zealand, Norway, Switzerland including Liechtenstein, the United Kingdom and the United States",
            ),
            ("EU002", "exports of certain items to certain destinations"),
            ("EU003", "export after repair or replacement"),
            ("EU004", "temporary export for an exhibition or fair"),
            ("EU005", "telecommunications"),
            ("EU006", "chemicals"),
            ("EU007", "export of software and technology within a group of companies"),
            ("EU008", "encryption"),
        ],
    )
}

fn use_of_concern() -> Enumeration {
    Enumeration::new(
        "use_of_concern",
        "The uses of Article 4(1) of Regulation (EU) 2021/821",
        &[
            (
                "weapons_of_mass_destruction",
                "(a) chemical, biological or nuclear weapons, or missiles capable of delivering them",
            ),
            (
                "military_end_use",
                "(b) incorporation into military items; production, test or analytical equipment for them; unfinished products in a plant for their production",
            ),
            (
                "parts_of_military_items",
                "(c) parts or components of military items that were exported without authorisation or in breach of one",
            ),
        ],
    )
}

fn authorisation_outcome() -> Scale {
    Scale {
        name: "authorisation_outcome".to_owned(),
        title: "Whether an export authorisation is required".to_owned(),
        outcomes: vec![
            OutcomePlace::new("no_authorisation_required", "No authorisation is required")
                .effect("free"),
            OutcomePlace::new(
                "general_authorisation",
                "A Union general export authorisation is available",
            )
            .effect("free_with_conditions")
            .labels("union_general_export_authorisation"),
            OutcomePlace::new(
                "notification_required",
                "The competent authority has to be notified and decides whether an authorisation is required",
            )
            .effect("authorisation_needed"),
            OutcomePlace::new("authorisation_required", "An authorisation is required")
                .effect("authorisation_needed"),
        ],
    }
}

/// Sanctions apply beside the dual-use Regulation and have regulations of their own.
fn sanctions_outcome() -> Scale {
    Scale {
        name: "sanctions_outcome".to_owned(),
        title: "Whether restrictive measures forbid the export".to_owned(),
        outcomes: vec![
            OutcomePlace::new("not_prohibited", "No restrictive measure looked at forbids it")
                .effect("free"),
            OutcomePlace::new("prohibited", "Prohibited").effect("prohibited"),
        ],
    }
}

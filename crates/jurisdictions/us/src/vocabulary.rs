use exeat_plugin_sdk::{Enumeration, Jurisdiction, OutcomePlace, Scale, Unit};

/// Adds the units, enumerations and scales.
pub(crate) fn add(jurisdiction: Jurisdiction) -> Jurisdiction {
    let jurisdiction = units().into_iter().fold(jurisdiction, Jurisdiction::unit);
    jurisdiction
        .enumeration(license_exception_symbol())
        .enumeration(authorization_kind())
        .scale(license_outcome())
        .scale(review_policy())
}

fn units() -> [Unit; 7] {
    [
        Unit::base(
            "TOPS",
            "tera operations a second, counted as data sheets count them (a multiply-accumulate is two)",
        ),
        Unit::base("bit", "bit"),
        Unit::derived("TPP", "total processing performance", "TOPS * bit"),
        Unit::base("mm", "millimetre"),
        Unit::derived("mm2", "square millimetre", "mm * mm"),
        Unit::base("GB", "gigabyte"),
        Unit::base("s", "second"),
    ]
}

fn license_exception_symbol() -> Enumeration {
    Enumeration::new(
        "license_exception_symbol",
        "Symbols of the License Exceptions (15 CFR part 740)",
        &[
            ("NAC", "Notified Advanced Computing (15 CFR 740.8)"),
            ("ACA", "Advanced Computing Authorized (15 CFR 740.8)"),
            ("AIA", "Artificial Intelligence Authorization (15 CFR 740.27)"),
            ("ACM", "Advanced Compute Manufacturing (15 CFR 740.28)"),
            ("LPP", "Low Processing Performance (15 CFR 740.29)"),
            ("HBM", "High Bandwidth Memory (15 CFR 740.25)"),
            ("TMP", "Temporary imports, exports, reexports and transfers (15 CFR 740.9)"),
            ("RPL", "Servicing and replacement of parts and equipment (15 CFR 740.10)"),
            ("GOV", "Governments and international organizations (15 CFR 740.11)"),
            ("TSU", "Technology and software, unrestricted (15 CFR 740.13)"),
        ],
    )
}

fn authorization_kind() -> Enumeration {
    Enumeration::new(
        "authorization_kind",
        "Validated End User authorizations (15 CFR 748.15)",
        &[
            ("general_veu", "General Validated End User"),
            ("universal_veu", "Universal Validated End User for data centers"),
            ("national_veu", "National Validated End User for data centers"),
        ],
    )
}

fn license_outcome() -> Scale {
    Scale {
        name: "license_outcome".to_owned(),
        title: "Whether a license is required".to_owned(),
        outcomes: vec![
            OutcomePlace::new("no_license_required", "No license is required").effect("free"),
            OutcomePlace::new("license_exception", "A License Exception is available")
                .effect("free_with_conditions")
                .labels("license_exception_symbol"),
            OutcomePlace::new("authorized", "Authorized without a license for each shipment")
                .effect("free_with_conditions")
                .labels("authorization_kind"),
            OutcomePlace::new("license_required", "A license is required")
                .effect("authorisation_needed"),
            OutcomePlace::new("prohibited", "Prohibited").effect("prohibited"),
        ],
    }
}

fn review_policy() -> Scale {
    Scale {
        name: "review_policy".to_owned(),
        title: "The policy under which a license application is reviewed".to_owned(),
        outcomes: vec![
            OutcomePlace::new("presumption_of_approval", "Presumption of approval"),
            OutcomePlace::new("case_by_case", "Case-by-case review"),
            OutcomePlace::new("presumption_of_denial", "Presumption of denial"),
            OutcomePlace::new("policy_of_denial", "Policy of denial"),
        ],
    }
}

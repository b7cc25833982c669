//! Help for those who have moved the picture out of the window.

use crate::canvas::stage::Stage;
use crate::pages::diagram::surface::{StageSlot, with_stage};
use crate::pages::diagram::voice::Voice;
use leptos::prelude::*;
use ui::Button;

/// Whether there is nothing in the window.
#[derive(Clone, Copy)]
pub(super) struct Lost {
    is_lost: RwSignal<bool>,
    voice: Voice,
}

impl Lost {
    pub(super) fn new(voice: Voice) -> Self {
        let is_lost = RwSignal::new(false);
        Self { is_lost, voice }
    }

    /// The picture rests: looks whether anything of it is in the window.
    pub(super) fn look(self, stage: &dyn Stage) {
        let is_lost = stage.is_lost();
        // By then the page may have been left.
        let was_lost = self.is_lost.try_get_untracked();
        if was_lost.is_some_and(|was_lost| was_lost != is_lost) {
            self.is_lost.set(is_lost);
            if is_lost {
                self.voice
                    .say("Nothing is here. 0 shows all, an arrow key goes to the nearest table.");
            }
        }
    }
}

/// The notice, while nothing is in the window.
#[component]
pub(super) fn LostNotice(
    lost: Lost,
    stage: StageSlot,
    /// Gives the keyboard back to the picture.
    leave: Callback<()>,
) -> AnyView {
    // What was pressed is there no longer: the keyboard goes back first.
    let act = move |act: fn(&dyn Stage)| {
        Callback::new(move |_| {
            leave.run(());
            with_stage(stage, act);
        })
    };
    let notice = move || {
        lost.is_lost.get().then(|| {
            view! {
                <div class="diagram-overlay">
                    <div class="diagram-lost" role="group" aria-label="Nothing is here" data-testid="diagram-lost">
                        <p>"Nothing is here"</p>
                        <Button testid="lost-all" on_click=act(|stage| stage.fit())>"Show all"</Button>
                        <Button testid="lost-nearest" on_click=act(|stage| stage.go_to_nearest())>"Nearest table"</Button>
                    </div>
                </div>
            }
        })
    };
    view! { {notice} }.into_any()
}

from tests.attacks.scene import Scene
import json
def test_x(scene: Scene) -> None:
    with scene.operator.history() as events:
        for n,e in enumerate(events):
            if n>100: print(n,e.position,e.topic,e.stream[:8],e.version,e.held.get('proof',{}).get('seen'), [c['at'] for c in e.held.get('proof',{}).get('commits',[])])
        print(events[-1].state.decode())
    from contextlib import closing
    with closing(scene.log.rows()) as r:
        print([c.checkpoint.size for c in r.checkpoints()])
    assert 0
